package org.latte4j.model.weights;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.razorvine.pickle.IObjectConstructor;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleException;
import net.razorvine.pickle.PickleUtils;
import net.razorvine.pickle.Unpickler;

/**
 * Reads the pickle inside a torch checkpoint without running any of it.
 *
 * <p>A pickle is a program: in Python, it may call every function there is. Here only those on a
 * list can be named, and only those operations that {@code torch.save} emits are carried out; the
 * library's own registry of constructors is never asked. Whatever else turns up is refused. Lengths
 * are compared with what is left of the input before memory is taken, and only plain values become
 * keys, so that hashing stays cheap.
 */
final class TorchPickle extends Unpickler {
  private static final Set<Short> PLAIN_OPERATIONS =
      Set.of(
          Opcodes.PROTO,
          Opcodes.FRAME,
          Opcodes.STOP,
          Opcodes.MARK,
          Opcodes.POP,
          Opcodes.POP_MARK,
          Opcodes.DUP,
          Opcodes.NONE,
          Opcodes.NEWTRUE,
          Opcodes.NEWFALSE,
          Opcodes.BININT,
          Opcodes.BININT1,
          Opcodes.BININT2,
          Opcodes.LONG1,
          Opcodes.BINFLOAT,
          Opcodes.SHORT_BINUNICODE,
          Opcodes.SHORT_BINBYTES,
          Opcodes.SHORT_BINSTRING,
          Opcodes.EMPTY_TUPLE,
          Opcodes.TUPLE,
          Opcodes.TUPLE1,
          Opcodes.TUPLE2,
          Opcodes.TUPLE3,
          Opcodes.EMPTY_LIST,
          Opcodes.APPEND,
          Opcodes.APPENDS,
          Opcodes.BINGET,
          Opcodes.LONG_BINGET,
          Opcodes.BINPUT,
          Opcodes.LONG_BINPUT,
          Opcodes.MEMOIZE);

  private static final Map<String, IObjectConstructor> ALLOWED =
      Map.ofEntries(
          Map.entry("collections.OrderedDict", arguments -> new Dictionary()),
          Map.entry("torch._utils._rebuild_tensor_v2", TorchPickle::tensor),
          Map.entry("torch._utils._rebuild_parameter", arguments -> arguments[0]),
          Map.entry("torch.Size", arguments -> arguments[0]),
          Map.entry("torch.device", arguments -> new Ignored()),
          Map.entry("argparse.Namespace", arguments -> new Ignored()),
          storage("Double", ElementType.F64),
          storage("Float", ElementType.F32),
          storage("Half", ElementType.F16),
          storage("BFloat16", ElementType.BF16),
          storage("Long", ElementType.I64),
          storage("Int", ElementType.I32),
          storage("Short", ElementType.I16),
          storage("Char", ElementType.I8),
          storage("Byte", ElementType.U8),
          storage("Bool", ElementType.BOOL));

  private final String description;

  private TorchPickle(String description) {
    this.description = description;
  }

  /** A Python dictionary, in the order in which it was filled. */
  static final class Dictionary extends LinkedHashMap<Object, Object> {
    private static final long serialVersionUID = 1L;
  }

  /** Something that may stand in a checkpoint but is not needed. */
  private static final class Ignored {}

  /** The class of a storage, such as torch.FloatStorage. */
  private static final class StorageClass implements IObjectConstructor {
    private final ElementType type;

    StorageClass(ElementType type) {
      this.type = type;
    }

    @Override
    public Object construct(Object[] arguments) {
      throw new PickleException("a storage class is called");
    }
  }

  private static Map.Entry<String, IObjectConstructor> storage(String prefix, ElementType type) {
    return Map.entry("torch." + prefix + "Storage", new StorageClass(type));
  }

  /**
   * The value that a pickle describes: strings, numbers, truth values, Object[] for tuples, lists,
   * {@link Dictionary} and {@link TorchTensor}.
   *
   * @param description names the file in messages
   * @throws WeightFormatException if the pickle is damaged or names anything that is not allowed
   */
  static Object read(byte[] pickle, String description) throws WeightFormatException {
    try {
      return new TorchPickle(description).load(new ByteArrayInputStream(pickle));
    } catch (WeightFormatException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The library answers broken input with class casts and empty stacks as well.
      throw new WeightFormatException(
          description
              + " is damaged: its data.pkl cannot be read ("
              + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage())
              + "); copy or download it again",
          e);
    }
  }

  @Override
  protected Object dispatch(short operation) throws IOException {
    switch (operation) {
      case Opcodes.GLOBAL -> {
        String module = PickleUtils.readline(input);
        addAllowed(module + "." + PickleUtils.readline(input));
      }
      case Opcodes.STACK_GLOBAL -> {
        String name = (String) stack.pop();
        addAllowed(stack.pop() + "." + name);
      }
      case Opcodes.REDUCE, Opcodes.NEWOBJ -> {
        Object[] arguments = (Object[]) stack.pop();
        stack.add(((IObjectConstructor) stack.pop()).construct(arguments));
      }
      // A state dictionary's _metadata (layer versions), or the attributes of what is ignored.
      case Opcodes.BUILD -> stack.pop();
      case Opcodes.BINPERSID -> stack.add(storage((Object[]) stack.pop()));
      case Opcodes.EMPTY_DICT -> stack.add(new Dictionary());
      case Opcodes.SETITEM -> {
        Object value = stack.pop();
        Object key = stack.pop();
        put(key, value);
      }
      case Opcodes.SETITEMS -> {
        List<Object> keysAndValues = stack.pop_all_since_marker();
        for (int i = 0; i < keysAndValues.size(); i += 2) {
          put(keysAndValues.get(i), keysAndValues.get(i + 1));
        }
      }
      case Opcodes.BINUNICODE, Opcodes.BINBYTES, Opcodes.BINSTRING, Opcodes.LONG4 -> {
        requireInput(Integer.BYTES);
        return super.dispatch(operation);
      }
      default -> {
        if (!PLAIN_OPERATIONS.contains(operation)) {
          throw refused("uses pickle operation 0x%02x".formatted(operation));
        }
        return super.dispatch(operation);
      }
    }
    return NO_RETURN_VALUE;
  }

  private void addAllowed(String global) throws WeightFormatException {
    IObjectConstructor constructor = ALLOWED.get(global);
    if (constructor == null) {
      throw refused("names " + global);
    }
    stack.add(constructor);
  }

  private WeightFormatException refused(String what) {
    return new WeightFormatException(
        description
            + " is refused: its pickle "
            + what
            + ", which weights do not need and which may be an attack; if you trust the file, load"
            + " it with PyTorch and save only its tensors:"
            + " torch.save({'model': model.state_dict()}, new_file)");
  }

  private static TorchTensor.Storage storage(Object[] id) {
    if (id.length != 5 || !"storage".equals(id[0]) || !(id[1] instanceof StorageClass)) {
      throw new PickleException("an unknown persistent id");
    }
    return new TorchTensor.Storage(
        ((StorageClass) id[1]).type, (String) id[2], ((Number) id[4]).longValue());
  }

  /** Arguments: storage, offset, sizes, strides, and what concerns gradients. */
  private static TorchTensor tensor(Object[] arguments) {
    return new TorchTensor(
        (TorchTensor.Storage) arguments[0],
        ((Number) arguments[1]).longValue(),
        wholeNumbers((Object[]) arguments[2]),
        wholeNumbers((Object[]) arguments[3]));
  }

  private static long[] wholeNumbers(Object[] tuple) {
    long[] numbers = new long[tuple.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = ((Number) tuple[i]).longValue();
    }
    return numbers;
  }

  private void put(Object key, Object value) {
    if (!(key instanceof String || key instanceof Number || key instanceof Boolean)) {
      throw new PickleException("a dictionary key that is neither text nor number");
    }
    ((Dictionary) stack.peek()).put(key, value);
  }

  private void requireInput(int lengthBytes) throws IOException {
    input.mark(lengthBytes);
    long length =
        Integer.toUnsignedLong(
            PickleUtils.bytes_to_integer(PickleUtils.readbytes(input, lengthBytes)));
    if (length > input.available()) {
      throw new PickleException("a value of " + length + " bytes, more than are left");
    }
    input.reset();
  }
}
