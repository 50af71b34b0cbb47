// SPDX-License-Identifier: Apache-2.0
// one_open PATH: opens it and ends; a container whose only act is this one lives for a millisecond.
#include <fcntl.h>

int main(int argc, char **argv)
{
	return argc == 2 && open(argv[1], O_RDONLY) < 0 ? 0 : 1;
}
