#!/usr/bin/env node
// Fulcio, a certificate transparency log and Rekor (v1 API) on loopback, made of the npm package @sigstore/mock.
//
//   keyless FOLDER
//
// writes trusted-root.json, signing-config.json and trust-config.json into FOLDER, prints its port, and ends when its
// standard input does. It signs whatever a token claims and checks no token; its log has one entry per proof and no
// history. The five numbered comments mark where clients expect more than the mock gives.
'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const mock = require('@sigstore/mock');

const LARGEST_BODY = 1 << 20;
const HOUR = 3600e3;

const sha256 = (bytes) => crypto.createHash('sha256').update(bytes).digest();
const base64 = (bytes) => Buffer.from(bytes).toString('base64');
const keyPair = () => crypto.generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const asPem = (text) => (text.includes('-----BEGIN') ? text : Buffer.from(text, 'base64').toString());

function fulcioRequest(request, body) {
  const asked = JSON.parse(body);
  // 1. The identity token may come in the Authorization header.
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization || '');
  if (bearer && !asked.credentials?.oidcIdentityToken) asked.credentials = { oidcIdentityToken: bearer[1] };
  // 2. The signing request and the public key come as base64 of their PEM text.
  if (asked.certificateSigningRequest) asked.certificateSigningRequest = asPem(asked.certificateSigningRequest);
  const key = asked.publicKeyRequest?.publicKey;
  if (key?.content) key.content = asPem(key.content);
  return JSON.stringify(asked);
}

function rekorRequest(body) {
  const entry = JSON.parse(body);
  const proposed = entry.kind === 'dsse' && entry.spec?.proposedContent;
  // 3. A log stores a dsse entry as its hashes and signatures, not as it was proposed.
  if (proposed) {
    const envelope = JSON.parse(proposed.envelope);
    const hash = (bytes) => ({ algorithm: 'sha256', value: sha256(bytes).toString('hex') });
    entry.spec = {
      envelopeHash: hash(proposed.envelope),
      payloadHash: hash(Buffer.from(envelope.payload, 'base64')),
      signatures: envelope.signatures.map(({ sig }) => ({ signature: sig, verifier: proposed.verifiers[0] })),
    };
  }
  return JSON.stringify(entry);
}

async function answer(services, request, body) {
  const { fulcio, rekor } = services;
  const place = request.url.replace(/\/+/g, '/');
  if (request.method === 'POST' && place === fulcio.path) {
    const given = await fulcio.fn(fulcioRequest(request, body));
    // 4. Fulcio's gateway answers 200 where the mock answers 201.
    return { ...given, statusCode: given.statusCode === 201 ? 200 : given.statusCode };
  }
  if (request.method === 'POST' && place === rekor.path) {
    const given = await rekor.fn(rekorRequest(body));
    if (given.statusCode !== 201) return given;
    // 5. Go clients read the entry's identifier from the ETag header.
    const [uuid] = Object.keys(JSON.parse(given.response));
    return { ...given, headers: { ETag: uuid, Location: `${rekor.path}/${uuid}` } };
  }
  return { statusCode: 404, response: '{}', contentType: 'application/json' };
}

async function read(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > LARGEST_BODY) throw new Error(`the request is larger than ${LARGEST_BODY} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

async function serve(services, request, response) {
  try {
    const given = await answer(services, request, await read(request));
    console.error(request.method, request.url, given.statusCode, given.statusCode >= 400 ? given.response : '');
    response.writeHead(given.statusCode, { 'Content-Type': given.contentType || 'text/plain', ...given.headers });
    response.end(given.response);
  } catch (error) {
    console.error(request.method, request.url, error);
    response.writeHead(500, { 'Content-Type': 'text/plain' }).end(String(error));
  }
}

function configurations(url, { authority, certificateLog, log }) {
  const start = new Date(Date.now() - HOUR).toISOString();
  const transparencyLog = ({ publicKey }) => ({
    baseUrl: url,
    hashAlgorithm: 'SHA2_256',
    publicKey: { rawBytes: base64(publicKey), keyDetails: 'PKIX_ECDSA_P256_SHA_256', validFor: { start } },
    logId: { keyId: base64(sha256(publicKey)) },
  });
  const service = [{ url, majorApiVersion: 1, validFor: { start }, operator: 'loopback' }];
  const trustedRoot = {
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [transparencyLog(log)],
    certificateAuthorities: [
      {
        subject: { organization: 'sigstore.mock', commonName: 'sigstore' },
        uri: url,
        certChain: { certificates: [{ rawBytes: base64(authority.rootCertificate) }] },
        validFor: { start },
      },
    ],
    ctlogs: [transparencyLog(certificateLog)],
    timestampAuthorities: [],
  };
  const signingConfig = {
    mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
    caUrls: service,
    oidcUrls: service,
    rekorTlogUrls: service,
    tsaUrls: [],
    rekorTlogConfig: { selector: 'ANY' },
    tsaConfig: { selector: 'ANY' },
  };
  const mediaType = 'application/vnd.dev.sigstore.clienttrustconfig.v0.1+json';
  return {
    'trusted-root.json': trustedRoot,
    'signing-config.json': signingConfig,
    'trust-config.json': { mediaType, trustedRoot, signingConfig },
  };
}

async function main(folder) {
  const certificateLog = await mock.initializeCTLog(keyPair());
  const authority = await mock.initializeCA(keyPair(), certificateLog);
  const services = { fulcio: mock.fulcioHandler(authority) };
  const server = http.createServer((request, response) => serve(services, request, response));
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address();
  const url = `http://127.0.0.1:${port}`;
  const log = await mock.initializeTLog(url, keyPair());
  services.rekor = mock.rekorHandler(log);
  for (const [name, content] of Object.entries(configurations(url, { authority, certificateLog, log }))) {
    fs.writeFileSync(path.join(folder, name), JSON.stringify(content, null, 1));
  }
  console.log(port);
  process.stdin.resume().on('end', () => process.exit(0));
}

main(process.argv[2]);
