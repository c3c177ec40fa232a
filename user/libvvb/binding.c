// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "binding.h"
#include "paths.h"
#include "pci.h"

#define OVERRIDE_LEN 64

static int write_file(__u64 id, const char *file, const char *text)
{
	char path[PATH_MAX];
	int err = vvb_pci_path(path, sizeof(path), id, file);

	return err ? err : vvb_write_text(path, text);
}

__attribute__((format(printf, 3, 4))) static int fail(struct vvb_binding *b, int err,
						      const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(b->why, sizeof(b->why), fmt, args);
	va_end(args);
	return err;
}

static bool ours(const char *driver)
{
	return !strcmp(driver, VVB_DRIVER);
}

/* ---- the steps ---- */

static int read_override(__u64 vf, char value[OVERRIDE_LEN])
{
	char path[PATH_MAX];
	int err = vvb_pci_path(path, sizeof(path), vf, "driver_override");

	if (!err)
		err = vvb_read_text(path, value, OVERRIDE_LEN);
	if (!err && !strcmp(value, "(null)"))
		*value = '\0';
	return err;
}

/* "" takes it away. */
static int set_override(__u64 vf, const char *value)
{
	return write_file(vf, "driver_override", *value ? value : "\n");
}

/* Whoever has it lets go of it. The driver can have gone meanwhile, or have let go already. */
static int release(__u64 vf)
{
	char bdf[VVB_BDF_LEN];
	int err;

	vvb_bdf_format(vf, bdf);
	err = write_file(vf, "driver/unbind", bdf);
	return err == -ENODEV ? 0 : err;
}

/* The PCI core looks for a driver. That it finds none, or one that fails, is no errno. */
static int probe(__u64 vf)
{
	char path[PATH_MAX], bdf[VVB_BDF_LEN];
	int err = vvb_path(path, sizeof(path), "%s/bus/pci/drivers_probe", vvb_sysfs_path());

	vvb_bdf_format(vf, bdf);
	return err ? err : vvb_write_text(path, bdf);
}

/* ---- bind ---- */

/* Back to what was before; what can't be is added to what is said. */
static int undo(__u64 vf, const char *override, struct vvb_binding *b, int err)
{
	size_t len = strlen(b->why);

	set_override(vf, override);
	vvb_pci_driver(vf, b->after);
	if (*b->before && !*b->after)
		probe(vf);
	vvb_pci_driver(vf, b->after);
	if (strcmp(b->before, b->after))
		snprintf(b->why + len, sizeof(b->why) - len, "; and it is not back with %s, but %s",
			 *b->before ? b->before : "no driver",
			 *b->after ? b->after : "without a driver");
	return err;
}

static int bind_from(__u64 vf, const char *override, struct vvb_binding *b)
{
	int err = set_override(vf, VVB_DRIVER);

	if (err)
		return fail(b, err, "driver_override: %s", strerror(-err));
	if (*b->before)
		err = release(vf);
	if (err)
		return undo(vf, override, b,
			    fail(b, err, "unbind from %s: %s", b->before, strerror(-err)));
	err = probe(vf);
	if (err)
		return undo(vf, override, b, fail(b, err, "drivers_probe: %s", strerror(-err)));
	vvb_pci_driver(vf, b->after);
	if (ours(b->after))
		return 0;
	return undo(vf, override, b,
		    fail(b, -EIO, VVB_DRIVER " did not take it, the kernel log says why"));
}

int vvb_bind(__u64 vf, struct vvb_binding *b)
{
	enum vvb_pci_kind kind = vvb_pci_kind(vf);
	char override[OVERRIDE_LEN], path[PATH_MAX];
	int err;

	*b = (struct vvb_binding) {};
	if (!vvb_pci_is_bindable(kind))
		return fail(b, -EINVAL, "%s", vvb_pci_kind_text(kind));
	if (vvb_path(path, sizeof(path), "%s/bus/pci/drivers/" VVB_DRIVER, vvb_sysfs_path()) ||
	    access(path, F_OK))
		return fail(b, -ENOENT,
			    "module " VVB_DRIVER " is not loaded: modprobe " VVB_DRIVER);
	vvb_pci_driver(vf, b->before);
	memcpy(b->after, b->before, sizeof(b->after));
	if (ours(b->before))
		return 0;
	err = read_override(vf, override);
	if (err)
		return fail(b, err, "driver_override: %s", strerror(-err));
	return bind_from(vf, override, b);
}

/* ---- unbind ---- */

static bool is_open(__u64 vf)
{
	char path[PATH_MAX], word[VVB_WORD_LEN];

	return !vvb_pci_path(path, sizeof(path), vf, "vvb/interface") &&
	       !vvb_read_text(path, word, sizeof(word)) && strcmp(word, "closed");
}

int vvb_unbind(__u64 vf, struct vvb_binding *b)
{
	enum vvb_pci_kind kind = vvb_pci_kind(vf);
	char override[OVERRIDE_LEN];
	int err;

	*b = (struct vvb_binding) {};
	vvb_pci_driver(vf, b->before);
	memcpy(b->after, b->before, sizeof(b->after));
	if (kind == VVB_PCI_ABSENT)
		return fail(b, -ENODEV, "%s", vvb_pci_kind_text(kind));
	if (!ours(b->before))
		return *b->before ? fail(b, -ENODEV, "not bound to " VVB_DRIVER ", but to %s",
					 b->before) :
				    0;
	if (is_open(vf))
		return fail(b, -EBUSY, "it is open: end its user first");
	err = read_override(vf, override);
	if (!err)
		err = set_override(vf, "");
	if (err)
		return fail(b, err, "driver_override: %s", strerror(-err));
	err = release(vf);
	if (err)
		return undo(vf, override, b,
			    fail(b, err, "unbind from " VVB_DRIVER ": %s", strerror(-err)));
	err = probe(vf);
	vvb_pci_driver(vf, b->after);
	return err ? fail(b, err, "drivers_probe: %s", strerror(-err)) : 0;
}

#define AUTOPROBE "sriov_drivers_autoprobe"

int vvb_autoprobe_get(__u64 pf, bool *on)
{
	char path[PATH_MAX], text[8] = "";
	int err = vvb_pci_path(path, sizeof(path), pf, AUTOPROBE);

	if (!err)
		err = vvb_read_text(path, text, sizeof(text));
	*on = !err && *text != '0';
	return err;
}

int vvb_autoprobe(__u64 pf, bool on, bool *before)
{
	int err = vvb_autoprobe_get(pf, before);

	return err || *before == on ? err : write_file(pf, AUTOPROBE, on ? "1" : "0");
}
