// Lines `lane<TAB>message` from stdin to the rooms, by Socket.IO's own emitter.
//     node socketio_emitter.mjs REDIS_URL
import { createInterface } from 'node:readline';
import { Emitter } from '@socket.io/redis-emitter';
import { createClient } from 'redis';

const client = createClient({ url: process.argv[2] });
await client.connect();
const emitter = new Emitter(client);
console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const [lane, message] = line.split('\t');
  emitter.to(lane).emit('message', JSON.parse(message));
}
