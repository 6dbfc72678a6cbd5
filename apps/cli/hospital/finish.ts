import { AppError } from '../../../kernel/error.ts'
import { HandsFailed } from '../../hub/http-hands.ts'
import { Unusable } from '../channel/files.ts'
import { Refused, words } from './onboard/words.ts'

/** Sets the exit code; what could not be done is said without a stack, as it is the caller's to mend. */
export async function finish(work: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await work()
  } catch (error) {
    const isTheirs = [Unusable, AppError, HandsFailed, Refused].some(
      (kind) => error instanceof kind,
    )
    if (!(error instanceof Error) || !isTheirs) throw error
    const said = error instanceof AppError ? `${words('errors', error.code, error.params)}\n  ` : ''
    process.stderr.write(`${said}${error.message}\n`)
    process.exitCode = 2
  }
}
