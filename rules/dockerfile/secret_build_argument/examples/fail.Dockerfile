FROM node:20.15.0-alpine
ARG NPM_TOKEN
RUN npm ci
USER node
