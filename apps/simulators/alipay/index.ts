// The door of the simulator: whoever runs it imports this file and no other.
export { type AlipayOptions, type AlipaySimulator, startAlipay } from './start.ts'
