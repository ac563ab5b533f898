// `ws` with one Redis subscriber: a map from channel to sockets, first in subscribes.
//     node ws_server.mjs PORT REDIS_URL
import { createClient } from 'redis';
import { WebSocketServer } from 'ws';

const [, , port, url] = process.argv;
const channels = new Map();
const subscriber = createClient({ url });
await subscriber.connect();

const server = new WebSocketServer({
  port: Number(port),
  host: '127.0.0.1',
  perMessageDeflate: false,
  backlog: 4096,
});

function join(name, socket) {
  const sockets = channels.get(name);
  if (sockets) {
    sockets.add(socket);
    return;
  }
  channels.set(name, new Set([socket]));
  subscriber.subscribe(name, (message) => {
    const data = Buffer.from(message);
    for (const one of channels.get(name) ?? []) one.send(data, { binary: false });
  });
}

server.on('connection', (socket, request) => {
  const name = request.url.slice(1);
  join(name, socket);
  socket.on('close', () => channels.get(name)?.delete(socket));
});
server.on('listening', () => console.log('listening'));
