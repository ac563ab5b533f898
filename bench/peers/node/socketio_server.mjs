// Socket.IO with its Redis adapter, WebSocket transport only; each socket joins one room.
//     node socketio_server.mjs PORT REDIS_URL
import { createServer } from 'node:http';
import { createAdapter } from '@socket.io/redis-adapter';
import { createClient } from 'redis';
import { Server } from 'socket.io';

const [, , port, url] = process.argv;
const publisher = createClient({ url });
const subscriber = publisher.duplicate();
await Promise.all([publisher.connect(), subscriber.connect()]);

const http = createServer();
const io = new Server(http, {
  transports: ['websocket'],
  perMessageDeflate: false,
  adapter: createAdapter(publisher, subscriber),
});
io.on('connection', (socket) => socket.join(socket.handshake.query.lane));
http.listen({ port: Number(port), host: '127.0.0.1', backlog: 4096 }, () => console.log('listening'));
