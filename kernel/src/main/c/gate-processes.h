// SPDX-License-Identifier: Apache-2.0
/* What the gate reads of the processes that it holds, from /proc and nothing else. */
#ifndef GATE_PROCESSES_H
#define GATE_PROCESSES_H

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "gate-protocol.h"

#define NS_ID_OF_ANY   _IOR(0xb7, 13, uint64_t) /* Linux 6.18 */
#define NS_ID_OF_MOUNT _IOR(0xb7, 5, uint64_t)	/* Linux 6.11 */

/* Of a process that is gone it is the empty text. */
static void read_of_process(int pid, const char *name, char *text, size_t size)
{
	char path[64];
	ssize_t length = 0;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		length = read(fd, text, size - 1);
		close(fd);
	}
	text[length < 0 ? 0 : length] = 0;
}

static int number_after(const char *text, const char *field)
{
	const char *found = strstr(text, field);

	return found ? atoi(found + strlen(field)) : 0;
}

/* 0 if the process is gone. */
static unsigned long long start_ticks(int pid)
{
	char stat[1024];
	const char *at;

	read_of_process(pid, "stat", stat, sizeof(stat));
	/* The name is in brackets and may hold some itself. */
	at = strrchr(stat, ')');
	for (int field = 2; at && field < 22; field++)
		at = strchr(at + 1, ' ');
	return at ? strtoull(at, NULL, 10) : 0;
}

static uint64_t namespace_number(int thread, const char *kind, uint64_t *id)
{
	struct stat found;
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", thread, kind);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	if (fstat(fd, &found))
		found.st_ino = 0;
	if (id && ioctl(fd, NS_ID_OF_ANY, id) && ioctl(fd, NS_ID_OF_MOUNT, id))
		*id = 0;
	close(fd);
	return found.st_ino;
}

/*
 * Said here, because it takes the other program longer. Nothing of it touches the memory of the
 * process: whoever owns that can let a reader wait for as long as he likes.
 */
static void describe(struct report *report, int fd)
{
	struct stat file;
	char status[1024];

	if (fstat(fd, &file) == 0) {
		report->device = file.st_dev;
		report->inode = file.st_ino;
	}
	read_of_process(report->thread, "status", status, sizeof(status));
	report->process = number_after(status, "\nTgid:\t");
	report->parent = number_after(status, "\nPPid:\t");
}

static void describe_namespaces(struct report *report)
{
	report->mount_ns = namespace_number(report->thread, "mnt", &report->mount_ns_id);
	report->net_ns = namespace_number(report->thread, "net", NULL);
}

#endif
