r"""How the bytes of a job reach a printer: one file for each way.

Each class keeps to `printers.transports.base.Transport`; making one does nothing yet, every failure is a
`TransportError`. Time-outs may be given by name, in seconds.

| kind | class | "printed" means |
|---|---|---|
| network | `network.NetworkTransport(host: str, port: int = 9100)` | the printer acknowledged it |
| usb | `usb.UsbTransport(vendor: int, product: int, serial: str \| None = None)` | the printer acknowledged it |
| serial | `serial.SerialTransport(device: str, baud: int = 19200, flow: str = "rtscts")` | it acknowledged it |
| lp | `lp.LpTransport(queue: str)` | CUPS has handed all of it to the printer |
| file | `file.FileTransport(path: Path \| str)` | a device acknowledged it; a file has it on the disk |
| virtual | `virtual.VirtualTransport(directory: Path, printer: str)` | both files are on the disk |

`usb` and `serial` load libraries of their own: import them where such a printer is set, not at the top.
"""
