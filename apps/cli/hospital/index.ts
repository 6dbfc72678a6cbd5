export { conformanceCommand } from './command.ts'
export { hospitalCommand } from './onboard/command.ts'
