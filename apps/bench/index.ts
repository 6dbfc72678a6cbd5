export { benchCommand } from './command.ts'
export type { BenchResult, Figure } from './result.ts'
