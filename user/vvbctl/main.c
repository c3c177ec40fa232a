// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "vvbctl.h"

int main(int argc, char **argv)
{
	return vvbctl(argc, argv);
}
