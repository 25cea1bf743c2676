import { describe, expect, test } from 'vitest'
import { dueKeyWork, nextKeyVersion, readKmsKeyArn, retiredKeyLife } from '../../server/domain/vault/keys.ts'

const now = new Date('2026-01-15T12:00:00Z')
const ago = (milliseconds: number) => new Date(now.getTime() - milliseconds)
const key = (version: number, retiredAt: Date | null = null, kmsKeyId = 'ours') => ({
  version,
  kmsKeyId,
  retiredAt,
})

describe('the next data key', () => {
  test('has the next version once every key before the newest has retired', () => {
    expect(nextKeyVersion([key(1)])).toBe(2)
    expect(nextKeyVersion([key(7), key(6, now)])).toBe(8)
  })

  test('is refused while the last rotation is not through, and where there is none to rotate', () => {
    expect(() => nextKeyVersion([key(2), key(1)])).toThrow('rotation_under_way')
    expect(() => nextKeyVersion([])).toThrow('no_data_key')
  })
})

describe('what is left to do', () => {
  test('is nothing on one key under the chosen one, or on none', () => {
    const nothing = { rewrap: [], replace: [], destroy: [] }
    expect(dueKeyWork([], { kmsKeyId: 'ours', now })).toEqual(nothing)
    expect(dueKeyWork([key(1)], { kmsKeyId: 'ours', now })).toEqual(nothing)
    expect(dueKeyWork([key(2), key(1, ago(retiredKeyLife - 1))], { kmsKeyId: 'ours', now })).toEqual(nothing)
  })

  test('is to wrap what another key wraps, to replace what may seal, and to destroy what served its time', () => {
    const keys = [key(4), key(3, null, 'theirs'), key(2, now), key(1, ago(retiredKeyLife), 'theirs')]
    expect(dueKeyWork(keys, { kmsKeyId: 'ours', now })).toEqual({ rewrap: [3], replace: [3], destroy: [1] })
  })
})

describe('the ARN of a key', () => {
  test.each([
    'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    'arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    'arn:aws:kms:us-east-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab',
  ])('%s is taken as it is', arn => {
    expect(readKmsKeyArn(` ${arn}\n`)).toBe(arn)
  })

  test('is the product’s own key where nothing was typed', () => {
    expect(readKmsKeyArn('  ')).toBeNull()
  })

  test.each([
    ['an alias', 'arn:aws:kms:eu-central-1:111122223333:alias/ours', 'alias'],
    ['a bare id', '1234abcd-12ab-34cd-56ef-1234567890ab', 'not the ARN'],
    [
      'another service',
      'arn:aws:s3:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
      'not the ARN',
    ],
    [
      'more behind it',
      'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab/x',
      'not the ARN',
    ],
  ])('is refused for %s', (_, text, words) => {
    expect(() => readKmsKeyArn(text)).toThrow(words)
  })
})
