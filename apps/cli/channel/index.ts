export { channelCommand, type ChannelCommandDeps, type ChannelConnection } from './command.ts'
