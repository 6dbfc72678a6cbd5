import { ASCII128 } from './ascii128.ts'
import { COLUMNS } from './columns.ts'
import { CUPS } from './cups.ts'
import type { Profile } from './profile.ts'

export const PROFILES = { cups: CUPS, ascii128: ASCII128, columns: COLUMNS } satisfies Record<
  string,
  Profile
>

export type ProfileName = keyof typeof PROFILES
