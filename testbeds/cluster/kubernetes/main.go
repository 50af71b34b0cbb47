// SPDX-License-Identifier: Apache-2.0

// Program kubernetes is every program of the cluster test bed in one static file. Like busybox it
// looks at the name it was started by, and otherwise at its first argument:
//
//	ln -s kubernetes kubelet; ./kubelet --version
//	./kubernetes kubelet --version
//
// One file costs one link in the build and one copy of the shared code in memory, instead of seven.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/etcdmain"
	_ "k8s.io/client-go/plugin/pkg/client/auth"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	kubectl "k8s.io/kubectl/pkg/cmd"
	kubectlerrors "k8s.io/kubectl/pkg/cmd/util"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	proxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"
)

// programs maps a name to what runs under it. Only the chosen one is constructed: each registers
// its own flags with the process.
var programs = map[string]func(){
	"etcd":                    func() { etcdmain.Main(os.Args) },
	"kube-apiserver":          func() { serve(apiserver.NewAPIServerCommand()) },
	"kube-controller-manager": func() { serve(controllers.NewControllerManagerCommand()) },
	"kube-proxy":              func() { serve(proxy.NewProxyCommand()) },
	"kube-scheduler":          func() { serve(scheduler.NewSchedulerCommand()) },
	"kubectl":                 ask,
	"kubelet":                 func() { serve(kubelet.NewKubeletCommand(context.Background())) },
	"relay":                   relay,
}

func main() {
	run, found := programs[filepath.Base(os.Args[0])]
	if !found && len(os.Args) > 1 {
		os.Args = os.Args[1:]
		run, found = programs[filepath.Base(os.Args[0])]
	}
	if !found {
		names := make([]string, 0, len(programs))
		for name := range programs {
			names = append(names, name)
		}
		slices.Sort(names)
		fmt.Fprintf(os.Stderr, "choosing a program: %q is none of %v\n", filepath.Base(os.Args[0]), names)
		os.Exit(2)
	}
	run()
}

// serve runs a long-lived program and leaves with its exit status.
func serve(command *cobra.Command) {
	os.Exit(cli.Run(command))
}

// ask runs kubectl, which words its errors itself and passes on the exit status of a remote command.
func ask() {
	if err := cli.RunNoErrOutput(kubectl.NewDefaultKubectlCommand()); err != nil {
		kubectlerrors.CheckErr(err)
	}
}
