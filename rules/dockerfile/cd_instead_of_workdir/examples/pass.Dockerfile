FROM node:20.15.0-alpine
WORKDIR /srv/app
RUN npm ci
USER node
