// The oracle says how Kubernetes reads a YAML document: it is the same library, asked one document at a time.
//
// Standard input holds documents, each after a line with its length in bytes. For each document one line of JSON goes
// to standard output: {"json": value} or {"error": text}.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"strconv"
	"strings"

	"sigs.k8s.io/yaml"
)

type answer struct {
	JSON  json.RawMessage `json:"json,omitempty"`
	Error string          `json:"error,omitempty"`
}

func main() {
	input := bufio.NewReader(os.Stdin)
	output := bufio.NewWriter(os.Stdout)
	answers := json.NewEncoder(output)
	for {
		document, err := next(input)
		if err == io.EOF {
			return
		}
		if err != nil {
			log.Fatal(err)
		}
		if err := answers.Encode(read(document)); err != nil {
			log.Fatal(err)
		}
		if err := output.Flush(); err != nil {
			log.Fatal(err)
		}
	}
}

func next(input *bufio.Reader) ([]byte, error) {
	line, err := input.ReadString('\n')
	if err != nil {
		return nil, err
	}
	length, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		return nil, err
	}
	document := make([]byte, length)
	_, err = io.ReadFull(input, document)
	return document, err
}

func read(document []byte) (result answer) {
	defer func() {
		if problem := recover(); problem != nil {
			result = answer{Error: fmt.Sprintf("panic: %v", problem)}
		}
	}()
	converted, err := yaml.YAMLToJSON(document)
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{JSON: converted}
}
