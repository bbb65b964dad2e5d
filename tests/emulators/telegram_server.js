// telegram-test-api on 127.0.0.1: node telegram_server.js FOLDER_OF_PACKAGES PORT
const { createRequire } = require('node:module');
const [folder, port] = process.argv.slice(2);
const Server = createRequire(folder + '/')('telegram-test-api');
new (Server.default || Server)({ host: '127.0.0.1', port: Number(port) }).start();
