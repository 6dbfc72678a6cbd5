import { Command } from 'commander'

import { readConfig } from '../../../platform/config.ts'
import { resealColumn } from '../../../platform/reseal.ts'
import { systemRandom } from '../../../platform/system.ts'
import { openHub, sealOf } from '../../hub/open-hub.ts'
import { SEALED_COLUMNS } from '../../hub/sealed-columns.ts'
import { say } from '../progress.ts'

/**
 * `bin/yiqiao keys reseal`: puts every sealed text under the key in use, while the hub runs. Ends with 1 when a text does
 * not open; it is left as it is, and named.
 */
export const keysCommand = (): Command =>
  new Command('keys')
    .description('the keys of sealed data / 加密密钥')
    .addCommand(
      new Command('reseal')
        .description('put all sealed data under the key in use / 全部换用当前密钥')
        .action(reseal),
    )

async function reseal(): Promise<void> {
  const config = readConfig()
  const { platform, hub, close } = openHub(config, 'cli')
  try {
    const hospitals = await hub.hospitals.list()
    const parts = {
      db: platform.db,
      seal: sealOf(config, systemRandom),
      hospitalIds: hospitals.map(({ id }) => id),
    }
    for (const column of SEALED_COLUMNS) {
      const { resealed, unopened } = await resealColumn(parts, column)
      say(`${column.table}.${column.column}: ${resealed} put under key ${parts.seal.version}`)
      for (const row of unopened) say(`  does not open: ${row}`)
      if (unopened.length > 0) process.exitCode = 1
    }
  } finally {
    await close()
  }
}
