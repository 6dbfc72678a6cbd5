export { eventsCommand, listenCommand, triggerCommand } from './command.ts'
