import type { TFunction } from 'i18next'

import { paramsText } from '../../web/params-text.ts'

type Reason = { code: string; params: Record<string, string | number> }

/** A coded reason of the catalogue in words, from the namespace "catalogue". */
export const reasonText = (t: TFunction, group: 'lines' | 'steps', { code, params }: Reason) =>
  t(`catalogue:${group}.${code}`, paramsText(params))
