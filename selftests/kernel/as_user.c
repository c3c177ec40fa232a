// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* as_user UID COMMAND... - run a command as a user without a name, for shell tests */
#include <grp.h>
#include <unistd.h>

#include "check.h"

int main(int argc, char **argv)
{
	uid_t uid;

	if (argc < 3)
		check_die("usage: as_user UID COMMAND...");
	uid = (uid_t)strtoul(argv[1], NULL, 0);
	if (setgroups(0, NULL) || setgid(uid) || setuid(uid))
		check_die("user %u: %s", uid, strerror(errno));
	execvp(argv[2], argv + 2);
	check_die("%s: %s", argv[2], strerror(errno));
}
