"""From a shown card to leaving: admission, the choice of services, holds, and how a visit is shown."""
