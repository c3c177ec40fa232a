/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The oracle: given what is done to a VF, in order of time, it says what each access to BAR0
 * returns and which administration commands the device sees for it.
 *
 * Written down from the virtio specification (1.3, 4.1.4.10, 5.1.4 and 2.12.1.2), from what
 * hypervisors do (an access touches the common register in which it begins, and no other;
 * status ACKNOWLEDGE|DRIVER sets Bus Master) and the table of outcomes in docs/operating.md. It
 * shares nothing with driver, daemon or device model, and goes byte by byte where they go field
 * by field: a mistake has to be made twice to pass.
 */
#ifndef ORACLE_H
#define ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ORACLE_QUEUES 3
#define ORACLE_CONFIG_MAX 232
#define ORACLE_BAR0_MAX 256
#define ORACLE_AT_ONCE 255 /* bytes that one access does at most: a longer one is cut short */
#define ORACLE_COMMANDS 256 /* more than any access takes */

#define ORACLE_CTRL_MAC_ADDR (1u << 23)

/**
 * struct oracle_settings - the device, as its documentation describes it
 * @features:	offered to a legacy driver
 * @queue_size:	of each queue
 * @vectors:	size of the MSI-X table
 * @config_len:	of the device configuration, 24..ORACLE_CONFIG_MAX
 * @config:	device configuration after a reset, with the link up
 */
struct oracle_settings {
	uint32_t features;
	uint16_t queue_size;
	uint16_t vectors;
	uint8_t config_len;
	uint8_t config[ORACLE_CONFIG_MAX];
};

/**
 * struct oracle_command - an administration command that must succeed
 * @opcode:	2..5
 * @offset:	within its area
 * @len:	bytes of registers
 * @value:	written, or returned
 */
struct oracle_command {
	uint8_t opcode;
	uint8_t offset;
	uint8_t len;
	uint64_t value;
};

/**
 * struct oracle_outcome - what must come of one access
 * @ret:	bytes done, or a negative errno
 * @bytes:	of a read, @ret of them
 * @command, @nr_commands: in order
 * @doorbells:	kicks that reach the device
 * @partial_writes, @beyond_config, @io_disabled, @bus_master_set: what the driver must count
 */
struct oracle_outcome {
	long ret;
	uint8_t bytes[ORACLE_BAR0_MAX];
	struct oracle_command command[ORACLE_COMMANDS];
	unsigned int nr_commands;
	unsigned int doorbells;
	unsigned int partial_writes;
	unsigned int beyond_config;
	unsigned int io_disabled;
	unsigned int bus_master_set;
};

struct oracle_queue {
	uint32_t address;
	uint16_t vector;
};

/* All that there is to know about a VF. The first group is the PCI side's. */
struct oracle {
	struct oracle_settings set;
	bool io;
	bool master;
	bool msix;
	bool link;
	bool no_doorbell; /* there is no address for kicks: they go out as commands */

	uint8_t status;
	uint8_t isr;
	uint16_t select;
	uint16_t config_vector;
	uint32_t features;
	uint8_t config[ORACLE_CONFIG_MAX];
	struct oracle_queue queue[ORACLE_QUEUES];
};

/* A VF just opened: reset, I/O decoding on, Bus Master and MSI-X off, link up. */
void oracle_init(struct oracle *o, const struct oracle_settings *set);

/**
 * oracle_access - one access to BAR0, of any length at any place
 * @o:		changed as the access changes the VF
 * @pos:	offset in BAR0
 * @data:	the bytes of a write; NULL for a read
 * @len:	how many
 * @out:	filled in
 */
void oracle_access(struct oracle *o, uint64_t pos, const void *data, size_t len,
		   struct oracle_outcome *out);

/* Size of BAR0: the least power of two that has room for registers and configuration. */
unsigned int oracle_bar0_len(const struct oracle *o);

/* What else may happen to a VF that is open. */
void oracle_set_io(struct oracle *o, bool on); /* PCI_COMMAND_IO */
void oracle_set_master(struct oracle *o, bool on); /* PCI_COMMAND_MASTER */
void oracle_set_msix(struct oracle *o, bool on);
void oracle_set_link(struct oracle *o, bool up);
void oracle_reset(struct oracle *o); /* VFIO_DEVICE_RESET */
void oracle_reopen(struct oracle *o); /* closed and opened again */

/* device.c: the registers behind the commands. @name: a letter of the maps in access.c. */
uint64_t oracle_register_read(struct oracle *o, char name);
void oracle_register_write(struct oracle *o, char name, uint32_t value);
void oracle_config_write(struct oracle *o, unsigned int at, const uint8_t *bytes, unsigned int len);

/* Where a digest of no commands at all begins. */
#define ORACLE_DIGEST_START UINT64_C(0xcbf29ce484222325)

/**
 * oracle_digest - one more command for group member @member, as the device must see it
 * @digest:	of all commands before it
 *
 * Return: the digest with it, as the device model's `admin-digest` computes it: FNV-1a,
 * 64 bits, over the 32 bytes of a command that its README lists.
 */
uint64_t oracle_digest(uint64_t digest, uint64_t member, const struct oracle_command *c);

#endif /* ORACLE_H */
