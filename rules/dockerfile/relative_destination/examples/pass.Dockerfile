FROM node:20.15.0-alpine AS base
WORKDIR /srv

FROM base
COPY dist/ app/
COPY server.js /srv/
USER node
