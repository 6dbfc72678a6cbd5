export { checkInvariants, type InvariantResult } from './check.ts'
export { invariantsCommand } from './command.ts'
export { formatInvariants } from './format.ts'
