import { IsBoolean } from 'class-validator';
import { IsTextEncoding, NotBlank } from '../../common/dto/field-types.js';
import { Describe, Example, MayBeAbsent } from '../../common/dto/decorators.js';
import type { TextEncoding } from '../../domain/gsm7.js';
import type { Translation } from '../template-doc.js';
import { IsTranslations, LONGEST_TITLE } from './translations.js';

@Example({ name: 'otp', content: 'Ma OTP {CODE}' })
export class CreateTemplateDto {
  @NotBlank(200)
  name!: string;

  @NotBlank(10_000)
  content!: string;

  @MayBeAbsent()
  @NotBlank(LONGEST_TITLE)
  @Describe('In notifications: the subject of an e-mail, the title of a push, the first line of an SMS.')
  title?: string;

  @MayBeAbsent()
  @IsTranslations()
  @Describe(
    'In notifications: content and title by language (vi, pt-BR), for people who read it. Approved with the rest.',
  )
  translations?: Record<string, Translation>;

  @MayBeAbsent()
  @IsTextEncoding()
  @Describe(
    'gsm7 transliterates characters outside the GSM alphabet, so that a segment holds 160 characters instead of 70.',
  )
  encoding?: TextEncoding;

  @MayBeAbsent()
  @IsBoolean()
  @Describe(
    'Its messages also go to those who have opted out; only for what the recipient has just asked for, such as a code.',
  )
  ignores_opt_outs?: boolean;
}
