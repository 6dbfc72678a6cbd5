export { type HandsOptions, type HandsServer, openHands } from './hands.ts'
export { type Planted, PLANTED } from './lies.ts'
export { type Liar, type LiarKeys, type LiarOptions, openLiar } from './proxy.ts'
