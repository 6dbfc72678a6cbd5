export { ledgerCommand } from './command.ts'
