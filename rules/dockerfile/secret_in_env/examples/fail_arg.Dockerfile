FROM node:20.15.0-alpine
ARG NPM_TOKEN=not-a-real-token
ENV githubToken=$NPM_TOKEN
USER 10001
