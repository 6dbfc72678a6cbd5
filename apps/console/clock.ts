import { type BusinessDate, businessDateOf } from '../../kernel/time.ts'

/** The one place of the console that reads the browser's clock. */
export const now = (): Date => new Date()

/** Today in Shanghai, wherever the browser is. */
export const today = (): BusinessDate => businessDateOf(now())
