// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns;

import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.FieldType;

/** A data source as a gadget that traces opened files has it, and an event of it. */
final class OpenEvents {
  static final DataSource SOURCE = source();

  private OpenEvents() {}

  private static DataSource source() {
    FakeSource open = FakeSource.stream("open");
    open.field("timestamp_raw", FieldType.UINT64, "gadget_timestamp", "columns.hidden", "true");
    open.computed("timestamp", "timestamp", "timestamp_raw");
    container(open);
    open.field("proc.comm", FieldType.STRING, "gadget_comm", "columns.alias", "comm");
    open.field("proc.pid", FieldType.UINT32, "gadget_pid", "columns.alias", "pid");
    open.field("proc.tid", FieldType.UINT32, "gadget_tid", "columns.alias", "tid");
    open.field("proc.mntns_id", FieldType.UINT64, "gadget_mntns_id");
    open.field("proc.creds.uid", FieldType.UINT32, "gadget_uid", "columns.hidden", "true");
    open.computed("proc.creds.user", "user", "proc.creds.uid", "columns.hidden", "true");
    open.field("proc.creds.gid", FieldType.UINT32, "gadget_gid", "columns.hidden", "true");
    open.computed("proc.creds.group", "group", "proc.creds.gid", "columns.hidden", "true");
    open.field("proc.parent.comm", FieldType.STRING, "gadget_pcomm");
    open.field("proc.parent.pid", FieldType.UINT32, "gadget_ppid");
    open.field("proc.parent.tid", FieldType.UINT32, "gadget_ptid");
    open.field("fd", FieldType.UINT32, "", "columns.width", "8");
    open.field("flags_raw", FieldType.INT32, "gadget_file_flags", "columns.hidden", "true");
    open.computed("flags", "file_flags", "flags_raw", "columns.hidden", "true");
    open.field("mode_raw", FieldType.UINT16, "gadget_file_mode", "columns.hidden", "true");
    open.computed("mode", "file_mode", "mode_raw", "columns.hidden", "true");
    open.field("error_raw", FieldType.UINT32, "gadget_errno", "columns.hidden", "true");
    open.computed("error", "errno", "error_raw");
    open.field("fname", FieldType.STRING, "", "columns.width", "32", "columns.minwidth", "24");
    open.field("fpath", FieldType.STRING, "", "columns.hidden", "true");
    return open.build();
  }

  private static void container(FakeSource source) {
    for (String name : new String[] {"containerName", "namespace", "node", "podName"}) {
      source.computed("k8s." + name, "container", "");
    }
    source.field("k8s.hostnetwork", FieldType.BOOL, "");
    source.computed("k8s.owner.kind", "container", "").computed("k8s.owner.name", "container", "");
    for (String name :
        new String[] {
          "containerId",
          "containerImageDigest",
          "containerImageName",
          "containerName",
          "runtimeName"
        }) {
      source.computed("runtime." + name, "container", "");
    }
    source.field("runtime.containerPid", FieldType.UINT32, "");
    source.field("runtime.containerStartedAt", FieldType.UINT64, "");
  }

  /** An event on the host: nothing about a container is present. */
  static FakeEvent host() {
    return new FakeEvent(SOURCE)
        .set("timestamp_raw", 1795502500515035055L)
        .set("timestamp", "2026-11-24T06:41:40.515035055Z")
        .set("proc.comm", "cat")
        .set("proc.pid", 11868)
        .set("proc.tid", 11868)
        .set("proc.mntns_id", 4026532177L)
        .set("proc.creds.uid", 0)
        .set("proc.creds.user", "root")
        .set("proc.creds.gid", 0)
        .set("proc.creds.group", "root")
        .set("proc.parent.comm", "sh")
        .set("proc.parent.pid", 11749)
        .set("proc.parent.tid", 11749)
        .set("fd", 0)
        .set("flags_raw", 0)
        .set("flags", "O_RDONLY")
        .set("mode_raw", 0)
        .set("mode", "----------")
        .set("error_raw", 2)
        .set("error", "ENOENT")
        .set("fname", "/etc/none")
        .set("fpath", "");
  }

  /** The same in a container of containerd, outside Kubernetes. */
  static FakeEvent container() {
    return host()
        .set("runtime.containerId", "pre1")
        .set("runtime.containerImageDigest", "sha256:dfca0f5d2f1b")
        .set("runtime.containerImageName", "docker.io/library/busybox:local")
        .set("runtime.containerName", "pre1")
        .set("runtime.containerPid", 11749)
        .set("runtime.containerStartedAt", 1795502494482209892L)
        .set("runtime.runtimeName", "containerd");
  }
}
