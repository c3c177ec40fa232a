// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The way of an access through the driver. A letter stands for one byte of a register: what
 * is done in one command is a run of the same letter.
 */
#include <errno.h>
#include <string.h>

#include "oracle.h"

static const char common_map[] = "FFFFDDDDAAAASSQQNNTIccqq";
static const char config_map[] = "mmmmmmllppuussssdkttHHHH"; /* from here on each byte is one */

#define COMMON_LEN 24u
#define COMMON_LEN_NO_MSIX 20u
#define CONFIG_KNOWN 24u
#define NOTIFY 'N'
#define STATUS 'T'
#define STATUS_ACKNOWLEDGE_DRIVER 3u
#define BEYOND_RUN 8u /* bytes that are counted as one access beyond the configuration */

enum {
	COMMON_WRITE = 2,
	COMMON_READ = 3,
	CONFIG_WRITE = 4,
	CONFIG_READ = 5,
};

static uint64_t number(const uint8_t *bytes, unsigned int len)
{
	uint64_t n = 0;
	unsigned int i;

	for (i = 0; i < len; i++)
		n |= (uint64_t)bytes[i] << 8 * i;
	return n;
}

static void command(struct oracle_outcome *out, unsigned int opcode, unsigned int offset,
		    unsigned int len, uint64_t value)
{
	struct oracle_command *c = &out->command[out->nr_commands++];

	c->opcode = (uint8_t)opcode;
	c->offset = (uint8_t)offset;
	c->len = (uint8_t)len;
	c->value = value;
}

/* How many of the next @len bytes of a map belong to the register at @at? */
static unsigned int run(const char *map, unsigned int at, unsigned int len)
{
	unsigned int n = 1;

	while (n < len && map[at + n] == map[at])
		n++;
	return n;
}

/* Where the register begins that the byte @at lies in. */
static unsigned int begin(unsigned int at)
{
	return (unsigned int)(strchr(common_map, common_map[at]) - common_map);
}

static unsigned int width(unsigned int start)
{
	return run(common_map, start, COMMON_LEN - start);
}

/* What is asked for behind the register is zero. */
static void common_read(struct oracle *o, unsigned int at, unsigned int len, uint8_t *to,
			struct oracle_outcome *out)
{
	unsigned int start = begin(at), i;
	uint64_t value = oracle_register_read(o, common_map[at]);

	command(out, COMMON_READ, start, width(start), value);
	for (i = 0; i < len; i++)
		to[i] = at + i < start + width(start) ? (uint8_t)(value >> 8 * (at + i - start)) :
							0;
}

/* Not a command but a store. A VF decodes it whatever PCI_COMMAND says of memory. */
static void kick(const struct oracle *o, unsigned int at, uint32_t value,
		 struct oracle_outcome *out)
{
	if (o->no_doorbell)
		command(out, COMMON_WRITE, at, width(at), value);
	out->doorbells++;
}

/* Drivers that never ask for it get it with this status: Linux before 2.6.34, OVMF before 2017. */
static void bus_master(struct oracle *o, char name, uint32_t value, struct oracle_outcome *out)
{
	if (name != STATUS || value != STATUS_ACKNOWLEDGE_DRIVER || o->master)
		return;
	o->master = true;
	out->bus_master_set = 1;
}

/* The register gets what it has room for, and zeroes where nothing was written. */
static void common_write(struct oracle *o, unsigned int at, unsigned int len, const uint8_t *from,
			 struct oracle_outcome *out)
{
	uint32_t value = (uint32_t)number(from, len < width(at) ? len : width(at));

	if (begin(at) != at) {
		out->partial_writes++;
	} else if (common_map[at] == NOTIFY) {
		kick(o, at, value, out);
	} else {
		command(out, COMMON_WRITE, at, width(at), value);
		oracle_register_write(o, common_map[at], value);
		bus_master(o, common_map[at], value, out);
	}
}

static unsigned int config(struct oracle *o, unsigned int at, unsigned int len, const uint8_t *from,
			   uint8_t *to, struct oracle_outcome *out)
{
	unsigned int room = CONFIG_KNOWN - at;
	unsigned int n = at < CONFIG_KNOWN ? run(config_map, at, len < room ? len : room) : 1;

	if (from) {
		command(out, CONFIG_WRITE, at, n, number(from, n));
		oracle_config_write(o, at, from, n);
	} else {
		command(out, CONFIG_READ, at, n, number(o->config + at, n));
		memcpy(to, o->config + at, n);
	}
	return n;
}

static unsigned int beyond(unsigned int len, uint8_t *to, struct oracle_outcome *out)
{
	out->beyond_config += (len + BEYOND_RUN - 1) / BEYOND_RUN;
	if (to)
		memset(to, 0xff, len);
	return len;
}

/* All of an access to the device configuration, from byte @at of it on. */
static void configuration(struct oracle *o, unsigned int at, unsigned int len, const uint8_t *from,
			  uint8_t *to, struct oracle_outcome *out)
{
	unsigned int end = at + len, n;

	for (; at < end; at += n) {
		if (at < o->set.config_len)
			n = config(o, at, end - at, from, to, out);
		else
			n = beyond(end - at, to, out);
		from = from ? from + n : NULL;
		to = to ? to + n : NULL;
	}
}

/* Where an access begins says what it is to; a common register is the only one it touches. */
static void control(struct oracle *o, unsigned int pos, const uint8_t *from, unsigned int len,
		    struct oracle_outcome *out)
{
	unsigned int start = o->msix ? COMMON_LEN : COMMON_LEN_NO_MSIX;

	if (pos >= start)
		configuration(o, pos - start, len, from, from ? NULL : out->bytes, out);
	else if (from)
		common_write(o, pos, len, from, out);
	else
		common_read(o, pos, len, out->bytes, out);
}

unsigned int oracle_bar0_len(const struct oracle *o)
{
	unsigned int len = 1;

	while (len < COMMON_LEN + o->set.config_len)
		len *= 2;
	return len;
}

void oracle_access(struct oracle *o, uint64_t pos, const void *data, size_t len,
		   struct oracle_outcome *out)
{
	const unsigned int bar0_len = oracle_bar0_len(o);

	memset(out, 0, sizeof(*out));
	if (!len)
		return;
	if (!o->io) {
		out->io_disabled = 1;
		out->ret = -EIO;
	} else if (pos >= bar0_len) {
		out->ret = -EINVAL;
	} else {
		if (len > bar0_len - pos)
			len = (size_t)(bar0_len - pos);
		if (len > ORACLE_AT_ONCE)
			len = ORACLE_AT_ONCE;
		out->ret = (long)len;
		control(o, (unsigned int)pos, data, (unsigned int)len, out);
	}
}
