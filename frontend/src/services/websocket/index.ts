/** The one service of the page. Tests make their own from WebSocketService and a fake world. */
import { browserEnvironment } from './browserEnvironment';
import { WebSocketService } from './service';

const websocketService = new WebSocketService(browserEnvironment);
export default websocketService;

export { type Cursor, parseCursor } from './cursor';
export type { TokenSource, TokenWish } from './environment';
export type { Frame, ResetData } from './frames';
export type { PathStatus } from './pathStatus';
export { ConnectionRefused, type StatusChange, WebSocketService } from './service';
