/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The disk that firmware boots from, in sectors: boot code, a partition that begins with a small FAT file
 * system, and in the partition, but behind the file system, what is to be read, and where it is written to.
 */
#ifndef DISK_H
#define DISK_H

#define DISK_SECTOR 512u
#define DISK_SECTORS 32768u
#define DISK_PARTITION 2048u
#define DISK_FILE 20480u /* from the beginning of the partition on */
#define DISK_COPY 24576u
#define DISK_LENGTH 2048u /* of the file */

#endif /* DISK_H */
