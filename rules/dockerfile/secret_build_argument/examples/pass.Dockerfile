ARG NODE_VERSION=20.15.0
FROM node:${NODE_VERSION}-alpine AS build
ARG NPM_TOKEN
RUN npm ci

FROM node:${NODE_VERSION}-alpine
ARG GIT_COMMIT
RUN --mount=type=secret,id=npm_token npm ci
USER node
