export { conformanceCommand } from './command.ts'
