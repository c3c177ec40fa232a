# SPDX-License-Identifier: GPL-2.0-or-later
# What the test bed's machines are made of, host VM and nested guest alike. A symbol added
# later rebuilds nearly all of QEMU: think twice, then add it here.
CONFIG_PCI_DEVICES=n
CONFIG_TEST_DEVICES=n

CONFIG_Q35=y
CONFIG_I440FX=y
CONFIG_VTD=y
CONFIG_PCIE_PORT=y

CONFIG_SERIAL_ISA=y
CONFIG_ISA_DEBUG=y
CONFIG_VIRTIO_PCI=y
CONFIG_VIRTIO_SERIAL=y
CONFIG_VIRTIO_RNG=y
CONFIG_VIRTIO_NET=y
CONFIG_VIRTIO_BLK=y
CONFIG_VIRTIO_9P=y
CONFIG_FSDEV_9P=y
CONFIG_NVME_PCI=y

CONFIG_VFIO=y
CONFIG_VFIO_PCI=y

CONFIG_VVB_NIC=y
