import { migrate } from '../../../platform/migrate.ts'
import { startEmbeddedPostgres } from '../../../platform/postgres/index.ts'
import { createDatabaseIfMissing, letAppSignIn } from '../../../platform/provision.ts'

export type SandboxDatabase = {
  /** As the owner of the schemas: for migrations, and to hear wakes. */
  ownerUrl: string
  /** As the application: no schema is its own, and row-level security holds. */
  appUrl: string
  stop(): Promise<void>
}

const NAME = 'yiqiao'

/** The server of one's own that `given` names, or one that comes with the packages; migrated. */
export async function openSandboxDatabase(options: {
  given: string | undefined
  folder: string
  appPassword: string
  onLog: (line: string) => void
}): Promise<SandboxDatabase> {
  if (options.given) {
    await migrate(options.given)
    const appUrl = await letAppSignIn(options.given, options.appPassword)
    return { ownerUrl: options.given, appUrl, stop: async () => undefined }
  }
  const server = await startEmbeddedPostgres({ dataDir: options.folder, onLog: options.onLog })
  try {
    await createDatabaseIfMissing(server.url(), NAME)
    const ownerUrl = server.url(NAME)
    await migrate(ownerUrl)
    const appUrl = await letAppSignIn(ownerUrl, options.appPassword)
    return { ownerUrl, appUrl, stop: () => server.stop() }
  } catch (error) {
    await server.stop()
    throw error
  }
}
