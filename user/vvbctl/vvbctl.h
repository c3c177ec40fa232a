/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * vvbctl [OPTIONS] OBJECT [COMMAND [ARGUMENTS]]
 *
 * Each object is a file with a table of commands that ends in an empty row. A command
 * makes one JSON value of what it has to tell; it is printed as it is, or as text.
 */
#ifndef VVBCTL_H
#define VVBCTL_H

#include <json-c/json.h>

#include "conf/keys.h"
#include "libvvb/settings.h"
#include "libvvb/vvb.h"

#define NOT_LOADED "module " VVB_DRIVER " is not loaded: modprobe " VVB_DRIVER

/* Exit statuses; commands return them. */
#define DONE 0
#define FAILED 1
#define USAGE 2

/**
 * struct words - what is left of the command line
 * @nr:		how many
 * @word:	the next one
 */
struct words {
	int nr;
	char **word;
};

/**
 * struct cli_command - one row of an object's table; the first row is what no command means
 * @name:	"show"
 * @alias:	the same by another name, or NULL
 * @arguments:	"[VF]", for help
 * @least, @most: number of arguments
 * @run:	returns an exit status
 */
struct cli_command {
	const char *name;
	const char *alias;
	const char *arguments;
	int least;
	int most;
	int (*run)(struct words *args);
};

/**
 * struct cli_object - one row of the table of objects
 * @about:	one line for help
 * @options:	options of its own for help, or NULL
 * @commands:	NULL: the object is a command itself
 * @run:	for that case
 */
struct cli_object {
	const char *name;
	const char *about;
	const char *options;
	const struct cli_command *commands;
	int (*run)(struct words *args);
};

extern const struct cli_object objects[];
extern const struct cli_command vf_commands[];
extern const struct cli_command policy_commands[];
extern const struct cli_command stats_commands[];
extern const struct cli_command daemon_commands[];

/**
 * struct cli_options - the whole command line's, given anywhere in it
 * @json:	-j, and -p
 * @pretty:	-p
 * @verbose:	-v: all that libbpf and the verifier say
 * @vf:		--vf, or NULL
 * @reset:	--reset
 * @dry_run:	--dry-run
 */
struct cli_options {
	bool json;
	bool pretty;
	bool verbose;
	const char *vf;
	bool reset;
	bool dry_run;
};

extern struct cli_options options;

/* The whole program but for main(). Return: exit status. */
int vvbctl(int argc, char **argv);

/* ---- command.c ---- */

int run_object(struct words *words);
int help(struct words *args);

/* Of an object that is a command itself: there is a word too many. Return: USAGE. */
int too_many(const char *word, const char *object);

/* ---- output.c ---- */

/* Say what is wrong, as text on stderr or as {"error": ...}. Return: FAILED. */
int error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * The same of what libvvb has a log of: behind the text comes why it failed; what more there is, which
 * may be much, is for -v and for JSON. May be "".
 */
int error_log(const char *log, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * What such a log begins with: lines of why, as parts of one sentence. Return: the length of the log that
 * they are.
 */
size_t join_why(const char *log, char *to, size_t size);

/* Behind what such an errno is called: who could do it, where the caller may not; else "". */
const char *for_root(int err);

/* What a negative errno means, and who could do it where the caller may not. Until the next call. */
const char *why(int err);

/* error() for a wrong command line. Return: USAGE. */
int usage(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * The same when output has begun: on stderr, as JSON takes no second value. The program will end
 * with FAILED. Return: FAILED.
 */
int error_late(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The same with more lines to it, which may be "". */
int error_late_log(const char *log, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Before anything is printed. */
void output_begin(void);

/* Write what was printed. Return: DONE, or FAILED after error_late(). */
int output_flush(void);

/* The same in the end: what the program ends with if a command has returned @status. */
int output_end(int status);

void print_json(json_object *value);

/* Print @value, and drop it; as text by calling @text for each of its items. Return: DONE. */
int output(json_object *value, void (*text)(json_object *item));

/* The same for what is a table as text: @text is called for all of it. */
int output_table(json_object *value, void (*text)(json_object *list));

/* Open a channel. Return: it, or negative after error(). */
int open_channel(void);

/*
 * Members of a JSON object. Text is made safe for what is printed, JSON or text, when it is put
 * in: see text.h.
 */
void put_text(json_object *to, const char *key, const char *value);
void put_word(json_object *to, const char *key, const char *word); /* "", not told: null */
void put_number(json_object *to, const char *key, __u64 value);
void each_member(json_object *of, void (*call)(const char *key, json_object *value, void *arg),
		 void *arg);
const char *text_of(json_object *from, const char *key);
__u64 number_of(json_object *from, const char *key);

/* ---- check.c, holders.c: objects that are commands themselves ---- */

int check_machine(struct words *args);
int list_holders(struct words *args);
int version(struct words *args);

/* The release of each part that is here, by "version" for this one, "module", "library" and "daemon". */
json_object *versions(void);

/* ---- vf.c ---- */

/* Read a VF's address. Return: DONE or USAGE, after error(). */
int parse_vf(const char *text, __u64 *id);

/* The VF named, or all when @text is NULL: number of @vfs, negative after error(). */
int get_vfs(const char *text, struct vvb_vf **vfs);

/*
 * For a command [VF]: an array of what @json makes of that VF, or of all. Return: DONE, else USAGE
 * or FAILED after error().
 */
int vfs_json(struct words *args, json_object *(*json)(const struct vvb_vf *vf), json_object **list);

/* Is it a policy's name, or none? Return: DONE or USAGE, after error(). */
int check_policy_name(const char *name, bool none_too);

#define WHY_LEN 384

/*
 * Why a setting of a VF could not be made, in words, which may be in @text. @err: of vvb_vf_set() or
 * vvb_settings_put().
 */
const char *why_not_set(__u64 id, const char *attribute, const char *value, int err,
			char text[WHY_LEN]);

/* The number of a user, as text, of a name or a number in C. Return: 0, -ENOENT no such user. */
int user_number(const char *user, char number[VVB_SETTING_LEN]);

/* What a VF has for which a setting was not made. */
const char *setting_default(enum conf_key key);

/* Write an attribute of a VF that vf set knows; @vf and @value as given on the command line. */
int set_attribute(const char *vf, const char *attribute, const char *value);
int eject(const char *vf, const char *reason);

/* ---- bind.c ---- */

int vf_bind(struct words *args);
int vf_unbind(struct words *args);

/* ---- policy.c ---- */

int policy_unload(struct words *args);

/* Say that nothing of this name is pinned, or that the module is not there. Return: FAILED. */
int no_pins(const char *name);

/* Say that what has this name is not pinned by us; one of @policies may be it. Return: FAILED. */
int not_ours(const char *name, const struct vvb_policy *policies, int nr);

/* ---- policy_vf.c: vvbctl policy COMMAND VF ... ---- */

int policy_of_vf(const char *vf);
int policy_select(struct words *args);
int policy_eject(struct words *args);

/* ---- knob.c ---- */

int policy_set(struct words *args);
int policy_get(struct words *args);
/* Say which there are, or the nearest of many. Return: USAGE. */
int unknown_knob(const char *policy, const struct vvb_knob *knobs, int nr, const char *name);
#define KNOB_WANTED_LEN 256

/* What a knob can be set to, in words, in @text. Return: @text. */
const char *knob_wanted(const struct vvb_knob *knob, char text[KNOB_WANTED_LEN]);
json_object *knob_json(const char *policy, const struct vvb_knob *knob, __u64 value);

/* ---- events.c ---- */

int policy_events(struct words *args);
json_object *event_json(const struct vvb_access_event *event);

/* For vvb_events(): show one; @nr: unsigned long, how many were shown. */
int event_show(const struct vvb_access_event *event, void *nr);
void events_end(unsigned long shown);

/* ---- shadow.c ---- */

int policy_shadow(struct words *args);
int policy_diff(struct words *args);

/* The value of an access of @width bytes, as text. */
void put_value(json_object *to, const char *key, __u64 value, unsigned int width);

/*
 * The same for a "read"/"write", "register", "offset" and "width" of one; of the device configuration
 * "config_field" as well, where the VF's type is known.
 */
void put_access(json_object *to, __u64 vf, unsigned int field, unsigned int offset,
		unsigned int width, bool write);

/* What a person calls the register of such an access. */
const char *register_of(json_object *access);

json_object *vf_json(const struct vvb_vf *vf);
json_object *policy_json(const struct vvb_policy *policy);

/* What policy show lists; without @visible what can't be seen is null: pins, and a guard's name. */
json_object *policies_json(const struct vvb_policy *policies, int nr, bool visible);
void policies_text(json_object *list);

/* What policy load prints; "asked_before": guards that a new one comes before, null: not visible. */
void put_asked_before(json_object *to, const struct vvb_policy *guard,
		      const struct vvb_policy *policies, int nr);
void policy_text(json_object *policy);

json_object *ejection_json(__u64 vf, const struct vvb_ejection *ejection);
json_object *diff_json(const char *bdf, __u64 vf, const struct vvb_shadow *shadow);
json_object *stats_json(const char *bdf, const struct vvb_stats *stats);

/* The same as text. */
void ejection_text(json_object *ejection);
void stats_text(json_object *stats);

#endif /* VVBCTL_H */
