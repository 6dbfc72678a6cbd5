import { Command } from 'commander'

import { runChannelChecks } from '../../modules/channels/index.ts'
import { benchCommand } from '../bench/index.ts'
import { channelCommand } from './channel/index.ts'
import { contractCommand } from './contract.ts'
import { eventsCommand, listenCommand, triggerCommand } from './events/index.ts'
import { conformanceCommand, hospitalCommand } from './hospital/index.ts'
import { invariantsCommand } from './invariants/index.ts'
import { keysCommand } from './keys/command.ts'
import { ledgerCommand } from './ledger/index.ts'
import { say } from './progress.ts'
import { registryCommand } from './registry/command.ts'
import { saveChannel } from './save-channel.ts'
import { simulateCommand } from './simulate/command.ts'
import { upCommand } from './up.ts'

// `bin/yiqiao`. Exit codes: 0 done, 1 done and something is not as it must be, 2 it could not be done.

const program = new Command('yiqiao')
  .description('医桥 Yiqiao: the open platform between hospitals, banks and insurers')
  .showHelpAfterError()
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))

const commands: Command[] = [
  upCommand(),
  simulateCommand(),
  invariantsCommand(),
  benchCommand(),
  contractCommand(),
  ledgerCommand(),
  keysCommand(),
  registryCommand(),
  channelCommand({ runChecks: runChannelChecks, saveConnection: saveChannel }),
  conformanceCommand(),
  hospitalCommand(),
  eventsCommand(),
  listenCommand(),
  triggerCommand(),
]
for (const command of commands) {
  for (const each of [command, ...command.commands]) {
    each.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  }
  program.addCommand(command)
}

try {
  await program.parseAsync()
} catch (error) {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error))
  process.exitCode = 2
}
