import { migrate } from '../../../platform/migrate.ts'
import { startTestPostgres } from '../../../platform/postgres/index.ts'
import {
  createDatabaseIfMissing,
  createDatabaseLike,
  dropDatabase,
  letAppSignIn,
} from '../../../platform/provision.ts'
import type { SandboxDatabase } from '../sandbox/database.ts'
import type { SandboxSecrets } from '../sandbox/files.ts'

/** What several seeds may stand on, one after the other; nothing of it shows in what a day comes to. */
export type Ground = {
  /** The first caller's, for all: they belong to the hospitals, which every world has alike. */
  secretsOf(make: () => SandboxSecrets): SandboxSecrets
  /** Migrated and empty. */
  newDatabase(appPassword: string): Promise<SandboxDatabase>
  close(): Promise<void>
}

const TEMPLATE = 'simulation_template'

export async function openGround(): Promise<Ground> {
  const server = await startTestPostgres()
  let secrets: SandboxSecrets | null = null
  let opened = 0
  return { secretsOf, newDatabase, close: () => server.cleanup() }

  function secretsOf(make: () => SandboxSecrets): SandboxSecrets {
    secrets ??= make()
    return secrets
  }

  async function newDatabase(appPassword: string): Promise<SandboxDatabase> {
    if (opened === 0) {
      await createDatabaseIfMissing(server.url(), TEMPLATE)
      await migrate(server.url(TEMPLATE))
    }
    const name = `simulation_${++opened}`
    await createDatabaseLike(server.url(), name, TEMPLATE)
    const ownerUrl = server.url(name)
    const appUrl = await letAppSignIn(ownerUrl, appPassword)
    return { ownerUrl, appUrl, stop: () => dropDatabase(server.url(), name) }
  }
}
