import type { Product, WayTerms } from './terms.ts'

const MOST_PPM = 1_000_000
const MOST_PENALTY_PPM = 10_000_000
const MOST_PERIODS = 60
const MOST_FREE_DAYS = 366

/** What is wrong with the terms of a product, by name; nothing when they can be offered. */
export function problemsOfProduct(product: Product): string[] {
  const { minLimitFen, maxLimitFen, bands, ways, scenes } = product
  const checks: [boolean, string][] = [
    [minLimitFen > 0 && minLimitFen <= maxLimitFen, 'limits'],
    [isWhole(product.freeDays, 0, MOST_FREE_DAYS), 'free_days'],
    [isWhole(product.penaltyPpm, MOST_PPM, MOST_PENALTY_PPM), 'penalty'],
    [isWhole(product.aprCapPpm, 1, MOST_PPM), 'apr_cap'],
    [product.minAgeYears >= 0 && product.minAgeYears <= product.maxAgeYears, 'ages'],
    [scenes.length > 0 && new Set(scenes).size === scenes.length, 'scenes'],
    [ways.length > 0 && new Set(ways.map(({ way }) => way)).size === ways.length, 'ways'],
    [ways.every(isWayRight), 'way_terms'],
    [bands.every((band, i) => band.fromScore < (bands[i - 1]?.fromScore ?? Infinity)), 'bands'],
    [bands.length > 0 && bands.every(({ limitFen }) => limitFen >= minLimitFen), 'band_limits'],
  ]
  return checks.filter(([isRight]) => !isRight).map(([, name]) => name)
}

function isWayRight({ way, periods, yearlyRatePpm, feePpm }: WayTerms): boolean {
  const isRate = isWhole(yearlyRatePpm, 0, MOST_PPM) && isWhole(feePpm, 0, MOST_PPM)
  const isForm =
    way === 'flat_fee'
      ? yearlyRatePpm === 0
      : feePpm === 0 && (way !== 'next_month' || periods === 1)
  return isRate && isForm && isWhole(periods, 1, MOST_PERIODS)
}

const isWhole = (value: number, least: number, most: number): boolean =>
  Number.isSafeInteger(value) && value >= least && value <= most
