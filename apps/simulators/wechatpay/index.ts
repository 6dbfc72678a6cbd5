// The door of the simulator: whoever runs it imports this file and no other.
export { startWechatPay, type WechatPayOptions, type WechatPaySimulator } from './start.ts'
