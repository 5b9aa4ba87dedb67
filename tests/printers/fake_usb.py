"""A USB bus with one printer on it, as pyusb's backends show it; what is written reaches a fake printer."""

from __future__ import annotations

import contextlib
import errno
import select
import socket
import threading
from array import array
from types import SimpleNamespace
from typing import Any

import usb.core
from usb.backend import IBackend

from tests.printers.fake_printer import FakePrinter
from tests.printers.wires import SocketWire

VENDOR, PRODUCT, SERIAL = 0x04B8, 0x0E15, "TM-0001"
_OUT, _IN = 0x01, 0x82


class FakeBus(IBackend):  # type: ignore[misc]
    """A bus; each opening of its printer is a connection to `printer`."""

    def __init__(self, printer: FakePrinter) -> None:
        self._printer = printer
        self.plugged = True
        self.kernel_driver = True
        """Whether the kernel's own driver holds the interface."""
        self.claimed = 0

    def enumerate_devices(self) -> Any:
        return iter(["printer"] if self.plugged else [])

    def get_device_descriptor(self, dev: Any) -> Any:
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x0200, bDeviceClass=0, bDeviceSubClass=0, bDeviceProtocol=0,
            bMaxPacketSize0=64, idVendor=VENDOR, idProduct=PRODUCT, bcdDevice=0x0100, iManufacturer=0, iProduct=0,
            iSerialNumber=3, bNumConfigurations=1, address=5, bus=1, port_number=1, port_numbers=(1,), speed=3,
        )  # fmt: skip

    def get_configuration_descriptor(self, dev: Any, config: int) -> Any:
        if config:
            raise IndexError
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=32, bNumInterfaces=1, bConfigurationValue=1, iConfiguration=0,
            bmAttributes=0xC0, bMaxPower=1, extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(self, dev: Any, intf: int, alt: int, config: int) -> Any:
        if intf or alt:
            raise IndexError
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=0, bAlternateSetting=0, bNumEndpoints=2, bInterfaceClass=7,
            bInterfaceSubClass=1, bInterfaceProtocol=2, iInterface=0, extra_descriptors=[],
        )  # fmt: skip

    def get_endpoint_descriptor(self, dev: Any, ep: int, intf: int, alt: int, config: int) -> Any:
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=(_OUT, _IN)[ep], bmAttributes=2, wMaxPacketSize=64,
            bInterval=0, bRefresh=0, bSynchAddress=0, extra_descriptors=[],
        )  # fmt: skip

    def open_device(self, dev: Any) -> socket.socket:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        for end in (ours, theirs):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)

        def serve() -> None:
            with theirs, contextlib.suppress(OSError):
                self._printer.serve(SocketWire(theirs))

        threading.Thread(target=serve, daemon=True).start()
        return ours

    def close_device(self, dev_handle: socket.socket) -> None:
        dev_handle.close()

    def get_configuration(self, dev_handle: Any) -> int:
        return 1

    def set_configuration(self, dev_handle: Any, config_value: int) -> None:
        pass

    def is_kernel_driver_active(self, dev_handle: Any, intf: int) -> bool:
        return self.kernel_driver

    def detach_kernel_driver(self, dev_handle: Any, intf: int) -> None:
        self.kernel_driver = False

    def claim_interface(self, dev_handle: Any, intf: int) -> None:
        if self.kernel_driver:
            raise usb.core.USBError("Resource busy", -6, errno.EBUSY)
        self.claimed += 1

    def release_interface(self, dev_handle: Any, intf: int) -> None:
        self.claimed -= 1

    # size: as the library calls it
    def ctrl_transfer(
        self, dev_handle: Any, request_type: int, request: int, value: int, index: int, data: Any, timeout: int
    ) -> int:
        kind, number = value >> 8, value & 0xFF
        text = b"\x09\x04" if number == 0 else SERIAL.encode("utf-16-le")
        answer = array("B", bytes((len(text) + 2, kind)) + text)[: len(data)]
        data[: len(answer)] = answer
        return len(answer)

    def bulk_write(self, dev_handle: socket.socket, ep: int, intf: int, data: Any, timeout: int) -> int:
        assert ep == _OUT
        sent, content = 0, bytes(data)
        while sent < len(content):
            if not select.select([], [dev_handle], [], timeout / 1000)[1]:
                if sent:
                    return sent
                raise usb.core.USBTimeoutError("Operation timed out", -7, errno.ETIMEDOUT)
            try:
                sent += dev_handle.send(content[sent : sent + 512])
            except BlockingIOError:
                continue
            except OSError as error:
                raise usb.core.USBError("No such device", -4, errno.ENODEV) from error
        return sent

    def bulk_read(self, dev_handle: socket.socket, ep: int, intf: int, buff: Any, timeout: int) -> int:
        assert ep == _IN
        if not select.select([dev_handle], [], [], timeout / 1000)[0]:
            raise usb.core.USBTimeoutError("Operation timed out", -7, errno.ETIMEDOUT)
        try:
            heard = dev_handle.recv(len(buff))
        except OSError:
            heard = b""
        if not heard:
            raise usb.core.USBError("No such device", -4, errno.ENODEV)
        buff[: len(heard)] = array("B", heard)
        return len(heard)
