// Command git_over_ssh serves the Git repositories below a folder over ssh, on loopback, to the keys of one file.
//
// git_over_ssh FOLDER HOST_KEY AUTHORIZED_KEYS prints the port that it listens on as its first line, and ends when its
// standard input does. It runs git-upload-pack, and nothing else that it is asked for.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/crypto/ssh"
)

const uploadPack = "git-upload-pack '"

func main() {
	folder, config := os.Args[1], settings(os.Args[2], os.Args[3])
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	for {
		connection, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go serve(connection, config, folder)
	}
}

func settings(hostKey, authorizedKeys string) *ssh.ServerConfig {
	key, err := ssh.ParsePrivateKey(read(hostKey))
	if err != nil {
		log.Fatal(err)
	}
	allowed, _, _, _, err := ssh.ParseAuthorizedKey(read(authorizedKeys))
	if err != nil {
		log.Fatal(err)
	}
	config := &ssh.ServerConfig{
		PublicKeyCallback: func(_ ssh.ConnMetadata, offered ssh.PublicKey) (*ssh.Permissions, error) {
			if !bytes.Equal(offered.Marshal(), allowed.Marshal()) {
				return nil, errors.New("not this key")
			}
			return nil, nil
		},
	}
	config.AddHostKey(key)
	return config
}

func read(file string) []byte {
	content, err := os.ReadFile(file)
	if err != nil {
		log.Fatal(err)
	}
	return content
}

func serve(connection net.Conn, config *ssh.ServerConfig, folder string) {
	defer connection.Close()
	_, channels, requests, err := ssh.NewServerConn(connection, config)
	if err != nil {
		return
	}
	go ssh.DiscardRequests(requests)
	for offered := range channels {
		if offered.ChannelType() != "session" {
			_ = offered.Reject(ssh.UnknownChannelType, "sessions only")
			continue
		}
		channel, asked, err := offered.Accept()
		if err != nil {
			return
		}
		go session(channel, asked, folder)
	}
}

// session follows RFC 4254, section 6: variables first (git's protocol version), then one command.
func session(channel ssh.Channel, asked <-chan *ssh.Request, folder string) {
	defer channel.Close()
	protocol := ""
	for request := range asked {
		var variable struct{ Name, Value string }
		var command struct{ Line string }
		switch request.Type {
		case "env":
			known := ssh.Unmarshal(request.Payload, &variable) == nil && variable.Name == "GIT_PROTOCOL"
			if known {
				protocol = variable.Value
			}
			_ = request.Reply(known, nil)
		case "exec":
			isOurs := ssh.Unmarshal(request.Payload, &command) == nil && strings.HasPrefix(command.Line, uploadPack)
			_ = request.Reply(isOurs, nil)
			if isOurs {
				path := strings.TrimSuffix(strings.TrimPrefix(command.Line, uploadPack), "'")
				end := struct{ Status uint32 }{run(channel, filepath.Join(folder, filepath.Clean("/"+path)), protocol)}
				_, _ = channel.SendRequest("exit-status", false, ssh.Marshal(&end))
			}
			return
		default:
			_ = request.Reply(false, nil)
		}
	}
}

func run(channel ssh.Channel, repository, protocol string) uint32 {
	command := exec.Command("git-upload-pack", repository)
	command.Env = append(os.Environ(), "GIT_PROTOCOL="+protocol)
	command.Stdout, command.Stderr = channel, channel.Stderr()
	input, err := command.StdinPipe() // unlike Stdin, it may be open still when the program has ended
	if err != nil {
		return 127
	}
	go func() {
		_, _ = io.Copy(input, channel)
		_ = input.Close()
	}()
	var failed *exec.ExitError
	switch err := command.Run(); {
	case errors.As(err, &failed):
		return uint32(failed.ExitCode())
	case err != nil:
		return 127
	}
	return 0
}
