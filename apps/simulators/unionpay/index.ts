// The door of the simulator: whoever runs it imports this file and no other.
export { makeUnionPayKeys, type UnionPayKeys } from './certificates.ts'
export { startUnionPay, type UnionPayOptions, type UnionPaySimulator } from './start.ts'
