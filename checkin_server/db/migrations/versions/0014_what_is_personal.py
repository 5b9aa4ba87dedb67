"""What is personal in events lies beside them; visits may be nobody's; what is to be forgotten, and when."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_TYPED = {
    "walked_in",
    "member_registered",
    "members_searched",
    "card_issued_at_desk",
    "last_tickets_set",
    "counter_opened",
    "counter_paused",
    "counter_closed",
    "visitor_called",
}
"""Events in which a ``reason`` was typed; ``visitor_called`` has it in its ``why``, of who came out of turn."""
_OURS = ("day_ended", "plan_changed")
"""Reasons that nobody typed."""


def upgrade() -> None:
    """Apply. Reasons that were typed and members' ids leave the events; their digests stay there."""
    op.create_table(
        "event_personal",
        sa.Column("event", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("event", "part", name="pk_event_personal"),
        sa.ForeignKeyConstraint(["event"], ["event.seq"], name="fk_event_personal_event"),
    )
    op.create_index(
        "ix_event_personal_member",
        "event_personal",
        ["content"],
        sqlite_where=sa.text("kind = 'member'"),
        postgresql_where=sa.text("kind = 'member'"),
    )
    op.create_table(
        "purge",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("before_day", sa.Text(), nullable=False),
        sa.Column("planned_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.BigInteger()),
        sa.Column("done_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("kind", "before_day", name="pk_purge"),
    )
    # Both databases know it as such: no table is made anew, whatever refers to it.
    op.execute("ALTER TABLE visit ALTER COLUMN member DROP NOT NULL")
    _move()


def _move() -> None:
    connection = op.get_bind()
    kinds = ", ".join(f"'{kind}'" for kind in sorted(_TYPED))
    # The kinds are words of this file.
    rows = connection.execute(
        sa.text(f"SELECT seq, kind, data FROM event WHERE kind IN ({kinds})")  # nosec B608
    ).fetchall()
    for seq, kind, text in rows:
        data: dict[str, Any] = json.loads(text)
        parts = [(f"member.{n}", "member", str(m)) for n, m in enumerate(data.pop("members", None) or (), 1)]
        holder = data.get("why") if kind == "visitor_called" else data
        if kind == "visitor_called" and (not isinstance(holder, dict) or holder.get("code") != "out_of_turn"):
            continue
        if isinstance(holder, dict) and holder.get("reason") not in _OURS:
            said = holder.pop("reason", None)
            if said:
                parts.append(("reason", "typed", str(said)))
        if not parts:
            continue
        data["personal"] = {}
        for name, sort, said in parts:
            salt = secrets.token_hex(16)
            connection.execute(
                sa.text("INSERT INTO event_personal VALUES (:event, :part, :kind, :content, :salt)"),
                {"event": seq, "part": name, "kind": sort, "content": said, "salt": salt},
            )
            hashed = json.dumps([salt, name, said], ensure_ascii=False).encode()
            data["personal"][name] = hashlib.sha256(hashed).hexdigest()
        connection.execute(
            sa.text("UPDATE event SET data = :data WHERE seq = :seq"),
            {"seq": seq, "data": json.dumps(data, ensure_ascii=False, separators=(",", ":"))},
        )


def downgrade() -> None:
    """Undo. What was moved goes back into the events; visits of nobody go to the member of that name."""
    connection = op.get_bind()
    beside: dict[int, list[tuple[str, str, str]]] = {}
    for seq, part, kind, content in connection.execute(
        sa.text("SELECT event, part, kind, content FROM event_personal ORDER BY event, part")
    ):
        beside.setdefault(seq, []).append((part, kind, content))
    for seq, kind, text in connection.execute(sa.text("SELECT seq, kind, data FROM event")).fetchall():
        data = json.loads(text)
        if "personal" not in data:
            continue
        del data["personal"]
        parts = beside.get(seq, [])
        if kind == "members_searched":
            data["members"] = [content for _, sort, content in parts if sort == "member"]
        for part, sort, content in parts:
            if sort == "typed":
                (data["why"] if kind == "visitor_called" else data)[part] = content
        connection.execute(
            sa.text("UPDATE event SET data = :data WHERE seq = :seq"),
            {"seq": seq, "data": json.dumps(data, ensure_ascii=False, separators=(",", ":"))},
        )
    op.drop_table("purge")
    op.drop_index("ix_event_personal_member", "event_personal")
    op.drop_table("event_personal")
    if connection.execute(sa.text("SELECT 1 FROM visit WHERE member IS NULL")).first() is not None:
        connection.execute(
            sa.text(
                "INSERT INTO member (id, family, name_ar, name_la, category, unit, locale, needs) "
                "VALUES ('forgotten', 'forgotten', '-', '-', '-', '-', 'ar', '[]')"
            )
        )
        connection.execute(sa.text("UPDATE visit SET member = 'forgotten' WHERE member IS NULL"))
    op.execute("ALTER TABLE visit ALTER COLUMN member SET NOT NULL")
