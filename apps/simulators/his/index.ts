export type { Bill } from './protocol.ts'
export { type HisOptions, type HisSimulator, startHis } from './start.ts'
