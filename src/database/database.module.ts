import { Inject, Module, type DynamicModule } from '@nestjs/common';
import type { Store } from './collection.js';

/** Injection token of the opened store. */
export const STORE = Symbol('store');
export const InjectStore = (): ParameterDecorator => Inject(STORE);

@Module({})
export class DatabaseModule {
  /** The store is opened before the application and closed after it, so that the application always finds it open. */
  static with(store: Store): DynamicModule {
    return { module: DatabaseModule, global: true, providers: [{ provide: STORE, useValue: store }], exports: [STORE] };
  }
}
